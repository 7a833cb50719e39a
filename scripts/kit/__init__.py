"""What the scripts share: a folder per subject."""
