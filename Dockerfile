# The binary, certificates of authorities, and nothing else: docker build --build-arg VERSION=$(tools/version.sh) -t callboard .
FROM node:20-bookworm-slim AS board
WORKDIR /src
COPY clients/js clients/js
RUN cd clients/js && npm ci --no-audit --no-fund && npm run build
COPY web web
RUN cd web && npm ci --no-audit --no-fund && npm run build

FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
COPY --from=board /src/web/dist web/dist
ARG VERSION
RUN CGO_ENABLED=0 go build -trimpath -buildvcs=false -ldflags "-s -w -X main.version=$VERSION" -o /root/bin/callboard ./cmd/callboard
RUN install -d -m 0700 /root/data && install -d -m 1777 /root/tmp

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build /root/bin/callboard /callboard
COPY --from=build --chown=65532:65532 /root/data /data
COPY --from=build --chown=65532:65532 /root/tmp /tmp
USER 65532:65532
ENV DATA_DIR=/data HTTP_ADDR=:8080
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=5s --timeout=6s --start-period=60s CMD ["/callboard", "health"]
ENTRYPOINT ["/callboard"]
CMD ["serve"]
