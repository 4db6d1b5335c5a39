"""Who is who: identity resolution across forces."""
