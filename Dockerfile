# Build: `docker build --tag fluxprod .`. Run: docs/container.md.
# BASE_IMAGE may be any image of Debian 12, for example one built without a registry.
ARG BASE_IMAGE=debian:bookworm-slim

# Only the files on which the dependency layer depends. With the pattern `[s]`, the wheels may be absent.
FROM scratch AS pins
COPY pyproject.toml constraints.txt build/wheel[s]/ /

FROM ${BASE_IMAGE} AS environment
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
# The versions of Debian packages are not pinned, because Debian's archive keeps only the latest security
# update.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends git python3 python3-venv \
    && rm -rf /var/lib/apt/lists/*
# With PIP_NO_INDEX=1, packages are taken only from build/wheels (`make wheels`).
ARG PIP_NO_INDEX
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
# PyTorch's wheels include CUDA.
RUN --mount=type=bind,from=pins,target=/pins \
    python3 -m venv /opt/venv \
    && python3 -c "import tomllib; text = tomllib.load(open('/pins/pyproject.toml', 'rb')); project = text['project']; \
print(*text['build-system']['requires'], *project['dependencies'], *project['optional-dependencies']['grib'], \
sep='\n')" > /tmp/requirements.txt \
    && /opt/venv/bin/pip install --quiet --find-links /pins --constraint /pins/constraints.txt \
        --requirement /tmp/requirements.txt
# All files that git tracks become one commit, so that git and DVC notice what a run or a user changes. Its
# time is fixed, so that the same files give the same commit.
WORKDIR /opt/fluxprod
RUN --mount=type=bind,target=/source \
    if [ ! -f /source/.git/index ]; then \
        echo "fluxprod: build in a clone: without its .git/index, as in a worktree or an archive, what may be published is not known" >&2; \
        exit 1; \
    fi \
    && git init --quiet --initial-branch main \
    && GIT_INDEX_FILE=/source/.git/index git ls-files -z \
        | git --work-tree /source update-index --add --remove -z --stdin \
    && GIT_AUTHOR_DATE=2000-01-01T00:00:00Z GIT_COMMITTER_DATE=2000-01-01T00:00:00Z \
        git -c user.name=fluxprod -c user.email=fluxprod@localhost commit --quiet --message "As in the image" \
    && git reset --quiet --hard \
    && chmod -R a+rX .
RUN cp -R /opt/fluxprod /tmp/fluxprod \
    && /opt/venv/bin/pip wheel --quiet --no-index --no-build-isolation --no-deps --wheel-dir /opt/wheel /tmp/fluxprod

FROM ${BASE_IMAGE}
ARG BASE_IMAGE
LABEL org.opencontainers.image.title="fluxprod" \
      org.opencontainers.image.description="Global net ecosystem exchange, reproducibly" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.base.name="${BASE_IMAGE}"
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates git python3 tini \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 1000 --create-home fluxprod \
    && git config --system --add safe.directory '*' \
    && install --directory --mode 1777 /workspace
COPY --from=environment /opt/venv /opt/venv
COPY --from=environment /opt/fluxprod /opt/fluxprod
RUN --mount=type=bind,from=environment,source=/opt/wheel,target=/wheel \
    /opt/venv/bin/pip install --quiet --no-index --no-deps --no-cache-dir /wheel/*.whl
COPY --chmod=755 container/run /usr/local/bin/run
# Any user may run this image, and only /workspace and /tmp need to be writable, so programs must not depend
# on the name or home directory of the user. DVC keeps its records of files next to the files.
ENV PATH=/opt/venv/bin:$PATH \
    SHELL=/bin/bash USER=fluxprod LOGNAME=fluxprod HOME=/tmp \
    XDG_CACHE_HOME=/tmp/cache XDG_CONFIG_HOME=/tmp/config XDG_DATA_HOME=/tmp/data XDG_STATE_HOME=/tmp/state \
    DVC_SITE_CACHE_DIR=/workspace/.dvc/tmp/site DVC_NO_ANALYTICS=1 OMP_NUM_THREADS=1 \
    NVIDIA_VISIBLE_DEVICES=all NVIDIA_DRIVER_CAPABILITIES=compute,utility
USER 1000
WORKDIR /workspace
ENTRYPOINT ["tini", "--", "run"]
