"""The ground: what is known of AWS, one file of facts for each service in `services/`, and the lookups in them."""
