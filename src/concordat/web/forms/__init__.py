"""Forms: what a request may say, checked for shape alone; whether it may is the domain's to say."""
