"""The files that definitions live in beside their own: templates, Terraform, folders full of them."""
