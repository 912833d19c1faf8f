# One image for web server and workers; docker-compose.yml gives each its command.
FROM python:3.11.13-slim-bookworm

ENV PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /srv/propis

COPY requirements/run.txt requirements/s3.txt requirements/
RUN pip install --require-hashes -r requirements/run.txt -r requirements/s3.txt

COPY . .
# What a start would write beside the source is made here: the source belongs to root.
RUN PROPIS_VAR=/tmp/build python manage.py shell --no-imports -c \
      "from hwrsite.management.commands.setup import compile_translations; compile_translations()" \
    && rm -r /tmp/build \
    && useradd --create-home --uid 10001 propis \
    && install --directory --owner=propis --group=propis /var/lib/propis

ENV PROPIS_VAR=/var/lib/propis
USER propis
EXPOSE 8000
CMD ["python", "manage.py", "start", "--host", "0.0.0.0"]
