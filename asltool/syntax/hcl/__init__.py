"""HCL, the language of Terraform: parse text into a tree, and evaluate expressions to values with positions.

Source: https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md
"""
