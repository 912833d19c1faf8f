"""The web server: uvicorn reads the wire, and this package sees that nobody can keep others from being served.

Heads and bodies are read, and answers sent, by one event loop that waits for nobody (`connections`, `bodies`,
`sending`); only whole requests get a thread, each in the lane of its kind (`lanes`), where addresses take turns. Small
letters are read here (`wsgi`); all else is asked of other processes (`calls`, `pages`).
"""
