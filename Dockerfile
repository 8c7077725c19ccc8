# The service in one image: `docker build -t assay .`; see docs/production.md.

FROM python:3.13-slim-bookworm AS build
ENV PYTHONDONTWRITEBYTECODE=1
WORKDIR /build
COPY bootstrap.lock requirements-prod.lock ./
RUN python -m venv /tools \
    && /tools/bin/pip install --no-cache-dir --require-hashes -r bootstrap.lock \
    && /tools/bin/uv venv /opt/assay \
    && /tools/bin/uv pip install --no-cache --python /opt/assay --compile-bytecode --require-hashes -r requirements-prod.lock
COPY pyproject.toml README.md LICENSE ./
COPY access access
COPY api api
COPY checks checks
COPY cli cli
COPY contracts contracts
COPY incidents incidents
COPY notifications notifications
COPY products products
COPY runs runs
COPY runtime runtime
COPY scorecards scorecards
COPY store store
COPY usecases usecases
COPY worker worker
RUN PATH=/tools/bin:$PATH uv build --wheel --no-build-isolation --python /tools/bin/python --out-dir /build/dist \
    && /tools/bin/uv pip install --no-cache --python /opt/assay --compile-bytecode --no-deps /build/dist/*.whl

FROM python:3.13-slim-bookworm
# No bytecode is written at run time and nothing outside /data and /tmp: the root file system may be read-only.
ENV PATH=/opt/assay/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    HOME=/tmp \
    ASSAY_DATA=/data \
    ASSAY_HOST=0.0.0.0 \
    ASSAY_LOG_FORMAT=json
RUN groupadd --gid 10001 assay \
    && useradd --uid 10001 --gid assay --no-create-home --home-dir /tmp --shell /usr/sbin/nologin assay \
    && install -d -o assay -g assay -m 0750 /data
COPY --from=build /opt/assay /opt/assay
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 9250
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=10s --start-period=30s --retries=3 CMD ["assay", "health", "api"]
ENTRYPOINT ["assay"]
CMD ["up"]
