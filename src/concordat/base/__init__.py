"""What every other package stands on: who acts, when, under which id, in which transaction."""
