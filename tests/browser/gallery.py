"""`python -m tests.browser.gallery FOLDER`: pictures of all pages in all looks, on contact sheets, to be looked at."""

import os

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hwrsite.settings")
    django.setup()
    from tests.browser.contact_sheets import main  # its imports need the settings

    main()
