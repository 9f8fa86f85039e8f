"""From ranked sentences to the answer: choosing, citing, verifying, qualifying and wording."""
