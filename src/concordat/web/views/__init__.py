"""Views: each turns a request into a call of the domain and shows the answer."""
