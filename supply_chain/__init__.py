"""What the exchange is made of besides its own code: a list of parts, their licences, and no secret among its files.

Used by those who develop or release it (`make sbom`, `make licences`, `make lint`); nothing of it is installed with it.
"""
