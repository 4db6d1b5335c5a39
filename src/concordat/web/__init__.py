"""The pages: forms, presenters and templates. No rule lives here."""
