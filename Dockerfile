# docker build --tag hexscan .
# docker run --rm --user "$(id -u):$(id -g)" --volume "$PWD:/scan:ro" hexscan
FROM python:3.13-slim AS build
# For the C extension. The compiler stays behind in this stage, as pip does.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends gcc libc6-dev zlib1g-dev
COPY pyproject.toml setup.py README.md LICENSE constraints.txt /source/
COPY man /source/man
COPY csrc /source/csrc
COPY src /source/src
RUN python -m venv /opt/hexscan \
    && PIP_CONSTRAINT=/source/constraints.txt PIP_BUILD_CONSTRAINT=/source/constraints.txt \
        /opt/hexscan/bin/python -m pip install --quiet --no-cache-dir /source \
    && /opt/hexscan/bin/python -c "import hexscan._skim" \
    && /opt/hexscan/bin/python -m pip uninstall --quiet --yes pip

FROM python:3.13-slim
# git says which files belong to a repository; without it every file is read.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends git \
    && rm -rf /var/lib/apt/lists/*
COPY --from=build /opt/hexscan /opt/hexscan
ENV PATH=/opt/hexscan/bin:$PATH
USER 65534:65534
WORKDIR /scan
ENTRYPOINT ["hexscan"]
