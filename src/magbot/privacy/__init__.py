"""What is kept of a person's conversations: nothing, unless the one who runs magbot has asked for it."""
