"""HCL, the language of Terraform: text to a tree, and expressions to values with places.

Source: https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md
"""
