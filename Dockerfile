# One image for web, worker and beat; docker-compose.yml says which of them a container is.

FROM node:22-slim AS frontend
WORKDIR /build
COPY frontend/package.json frontend/package-lock.json frontend/.npmrc ./
RUN npm ci
COPY frontend/ ./
RUN npm run build

FROM python:3.11-slim AS environment
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
COPY requirements.txt .
RUN python -m venv /opt/venv && /opt/venv/bin/pip install --require-hashes --only-binary :all: -r requirements.txt

FROM python:3.11-slim
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 WEB_BIND=0.0.0.0:8000
RUN useradd --system --uid 10001 --home-dir /srv/guildhall guildhall \
    && mkdir -p /srv/guildhall/var /srv/guildhall/static && chown -R guildhall /srv/guildhall
WORKDIR /srv/guildhall
COPY --from=environment /opt/venv /opt/venv
COPY --chown=guildhall manage.py pyproject.toml ./
COPY --chown=guildhall config/ config/
COPY --chown=guildhall guilds/ guilds/
COPY --chown=guildhall crm/ crm/
COPY --chown=guildhall templates/ templates/
COPY --from=frontend --chown=guildhall /build/build frontend/build
USER guildhall
# Compressed and named by their content, as a public installation serves them. The values are for this step only.
RUN ALLOWED_HOSTS=build.invalid BASE_URL=https://build.invalid EMAIL_URL=smtp://build.invalid \
    DATABASE_URL=postgres://build.invalid/none REDIS_URL=redis://build.invalid \
    SECRET_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(60))')" \
    python manage.py collectstatic --noinput
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import os, urllib.request as r; r.urlopen(r.Request('http://127.0.0.1:8000/health/live', headers={'Host': os.environ['ALLOWED_HOSTS'].split(',')[0], 'X-Forwarded-Proto': 'https'}), timeout=4)"]
CMD ["gunicorn", "config.wsgi", "--config", "config/gunicorn.conf.py"]
