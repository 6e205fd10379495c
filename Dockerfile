# Reads pictures of single handwritten characters, one line `NNN, path` each:
#
#     docker build -t NAME .
#     docker run -it --rm NAME python3 /app/inference.py --input /mnt/test_data/
#
# No PyTorch, a plain user, no network and no writing at run time. docs/how-to/container.md says more.
ARG PYTHON=3.11

FROM python:${PYTHON}-slim-bookworm AS build
WORKDIR /build
COPY requirements/lock.txt requirements/lock.txt
COPY pyproject.toml README.md LICENSE NOTICE ./
COPY src src
RUN python3 -m pip install --no-cache-dir --constraint requirements/lock.txt --target /opt/inkread .

FROM python:${PYTHON}-slim-bookworm
COPY --from=build /opt/inkread /opt/inkread
COPY docker/app /app
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin reader
ENV PYTHONPATH=/opt/inkread PYTHONDONTWRITEBYTECODE=1 PYTHONUTF8=1

# >>> OWN PICTURES: put your folder beside this file and name it in the next line instead of the samples. <<<
COPY samples/vin samples/letters /mnt/test_data/

USER 10001
WORKDIR /app
CMD ["python3", "/app/inference.py", "--input", "/mnt/test_data/"]
