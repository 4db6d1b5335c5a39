"""Forces, fire services and policing bodies; their areas, their figures and their people."""
