# One image for web server, worker, clock and migrations; docker-compose.yml says which command each runs.

FROM node:22-bookworm-slim AS frontend
WORKDIR /src
COPY frontend/package.json frontend/package-lock.json frontend/.npmrc ./
RUN npm ci
COPY frontend/ ./
RUN npm run build

FROM python:3.11-slim-bookworm AS packages
COPY requirements.txt ./
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --require-hashes --only-binary :all: --requirement requirements.txt

FROM python:3.11-slim-bookworm
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    VAR_DIR=/var/lib/guildhall \
    WEB_BIND=0.0.0.0:8000
# What lays out the text of PDF documents; running/pango.py names the same.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-liberation \
    && rm -rf /var/lib/apt/lists/*
RUN groupadd --gid 10001 guildhall \
    && useradd --uid 10001 --gid guildhall --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin guildhall \
    && install --directory --owner guildhall --group guildhall --mode 0750 /var/lib/guildhall
WORKDIR /srv/guildhall
COPY --from=packages /opt/venv /opt/venv
COPY manage.py ./
COPY config/ config/
COPY crm/ crm/
COPY guilds/ guilds/
COPY running/ running/
COPY templates/ templates/
COPY --from=frontend /src/build/ frontend/build/
# The key that the settings make for themselves here opens nothing, and goes with its folder.
RUN VAR_DIR=/tmp/build python manage.py collectstatic --noinput --verbosity 0 \
    && python -m whitenoise.compress --quiet static \
    && rm -rf /tmp/build
USER 10001:10001
VOLUME /var/lib/guildhall
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=10s --start-period=30s CMD ["python", "-m", "running.health"]
CMD ["gunicorn", "config.wsgi", "--config", "config/gunicorn.conf.py"]
