"""Other files that contain definitions: templates, Terraform modules, and folders of files."""
