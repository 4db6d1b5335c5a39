"""The service as a WSGI application, for granian or any other server.

The process that starts it has set the environment up (`concordat serve`).
"""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "concordat.server.settings")

application = get_wsgi_application()
