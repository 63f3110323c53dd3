"""What is on disk: atomic files and folders, earlier runs, files of draws."""
