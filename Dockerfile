# magbot in one image, with corpus, encoder and index inside: no network and nothing to set up.
#   docker build -t magbot .
#   docker run --rm -p 127.0.0.1:7860:7860 -v magbot:/data magbot
FROM python:3.12-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/magbot
WORKDIR /src
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY src src
COPY corpus corpus
COPY eval/baseline.json eval/baseline.json
# Extras of pyproject.toml for a language model, for example "[ollama]" or "[openai]".
ARG EXTRAS=""
# torch without GPU code: a tenth of the size, and nothing here would use it.
RUN /opt/magbot/bin/pip install --index-url https://download.pytorch.org/whl/cpu "torch==2.13.0" \
 && /opt/magbot/bin/pip install -c constraints.txt ".${EXTRAS}"
# The index is made once, here, and copied into the volume at its first start.
RUN MAGBOT_DATA_DIR=/opt/index /opt/magbot/bin/magbot index

FROM python:3.12-slim
RUN useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin magbot
COPY --from=build /opt/magbot /opt/magbot
COPY --from=build --chown=10001:10001 /opt/index /data
ENV PATH=/opt/magbot/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    HF_HUB_OFFLINE=1 \
    MAGBOT_HOST=0.0.0.0 \
    MAGBOT_DATA_DIR=/data \
    MAGBOT_LOG_FORMAT=json
USER 10001:10001
# What changes is here and in /tmp; the rest may be mounted read-only (--read-only --tmpfs /tmp).
VOLUME /data
EXPOSE 7860
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
  CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:7860/api/health', timeout=4)"]
CMD ["magbot", "serve"]
