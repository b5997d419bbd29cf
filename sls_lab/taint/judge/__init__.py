"""What text and template know of a flow that taint alone does not."""
