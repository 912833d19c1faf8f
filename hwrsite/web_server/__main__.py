"""`python -m hwrsite.web_server LISTENING ASKING`: one process of the web server, on a socket that is open already.

The other socket leads to the processes for pages (`pages`).

Whoever starts it holds the socket, so that no visitor is refused while a process is replaced: another one accepts him,
or he waits a moment.
"""

import socket
import sys

from hwrsite.wsgi import application  # it sets Django up, which all that follows needs

# isort: split
from hwrsite.web_server.server import serve

if __name__ == "__main__":
    serve(application, *(socket.socket(fileno=int(each)) for each in sys.argv[1:]))
