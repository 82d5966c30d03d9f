// Servers and clients for tests of probes, hooks and ports. A server prints `listening`, then what it is asked.

#define _GNU_SOURCE
#include "server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static void end(int signal) {
    (void)signal;
    _exit(0);
}

static int fail(const char *what) {
    printf("%s: %s\n", what, strerrorname_np(errno));
    return 1;
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + time.tv_nsec / 1e9;
}

static int open_socket(int type) {
    int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &(int){1}, sizeof(int));
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &(struct timeval){.tv_sec = 5}, sizeof(struct timeval));
    return fd;
}

static struct sockaddr_in address(const char *host, const char *port) {
    struct sockaddr_in result = {.sin_family = AF_INET, .sin_port = htons(atoi(port))};
    inet_pton(AF_INET, host, &result.sin_addr);
    return result;
}

static size_t read_head(int fd, char *buffer, size_t size) {
    size_t length = 0;
    while (length + 1 < size) {
        ssize_t count = recv(fd, buffer + length, size - length - 1, 0);
        if (count <= 0) break;
        buffer[length += count] = 0;
        if (strstr(buffer, "\r\n\r\n")) break;
    }
    buffer[length] = 0;
    return length;
}

/// Every path is answered with success; `/healthz` fails `healthy` seconds after the start, `/hostname` gives the host's name.
static void answer_http(int fd, double healthy) {
    char head[8192], path[1024] = "", body[256] = "ok";
    printf("connection\n");
    if (read_head(fd, head, sizeof head) == 0) return;
    sscanf(head, "%*s %1023s", path);
    printf("%.*s\n", (int)strcspn(head, "\r\n"), head);
    char *extra = strcasestr(head, "X-Row:");
    if (extra) printf("%.*s\n", (int)strcspn(extra, "\r\n"), extra);
    int failed = strcmp(path, "/healthz") == 0 && now() >= healthy;
    if (strcmp(path, "/hostname") == 0) gethostname(body, sizeof body);
    dprintf(
        fd, "HTTP/1.1 %s\r\nContent-Type: text/plain\r\nContent-Length: %zu\r\nConnection: close\r\n\r\n%s",
        failed ? "500 Internal Server Error" : "200 OK", strlen(body), body);
}

static int read_fully(int fd, void *buffer, size_t size) {
    for (size_t done = 0; done < size;) {
        ssize_t count = recv(fd, (char *)buffer + done, size - done, 0);
        if (count <= 0) return 0;
        done += count;
    }
    return 1;
}

/// RFC 9113, 4.1.
static void send_frame(int fd, uint8_t type, uint8_t flags, uint32_t stream, const void *payload, size_t size) {
    uint8_t frame[256] = {size >> 16, size >> 8, size, type, flags, stream >> 24, stream >> 16, stream >> 8, stream};
    memcpy(frame + 9, payload, size);
    send(fd, frame, 9 + size, MSG_NOSIGNAL);
}

/// The health service of gRPC over HTTP/2 without TLS: whatever is called gets SERVING.
static void answer_grpc(int fd) {
    enum { data, headers, settings = 4, ping = 6, goaway };
    enum { end_stream = 1, ack = 1, end_headers = 4 };
    // HPACK (RFC 7541): `:status: 200` by its index, then literals without indexing.
    static const char head[] = "\x88\x0f\x10\x10" "application/grpc", trailer[] = "\0\x0bgrpc-status\1" "0";
    static const char message[] = "\0\0\0\0\2\x08\1";
    uint8_t preface[24], frame[9], payload[16384];
    if (!read_fully(fd, preface, sizeof preface) || memcmp(preface, "PRI * HTTP/2.0", 14) != 0) return;
    send_frame(fd, settings, 0, 0, "", 0);
    while (read_fully(fd, frame, sizeof frame)) {
        size_t size = frame[0] << 16 | frame[1] << 8 | frame[2];
        uint32_t stream = (frame[5] & 0x7fu) << 24 | frame[6] << 16 | frame[7] << 8 | frame[8];
        if (size > sizeof payload || !read_fully(fd, payload, size)) return;
        if (frame[3] == settings && !(frame[4] & ack)) send_frame(fd, settings, ack, 0, "", 0);
        if (frame[3] == ping && !(frame[4] & ack)) send_frame(fd, ping, ack, 0, payload, size);
        if (frame[3] == goaway) return;
        if (frame[3] == headers) printf("/grpc.health.v1.Health/Check\n");
        if ((frame[3] == headers || frame[3] == data) && frame[4] & end_stream) {
            send_frame(fd, headers, end_headers, stream, head, sizeof head - 1);
            send_frame(fd, data, 0, stream, message, sizeof message - 1);
            send_frame(fd, headers, end_headers | end_stream, stream, trailer, sizeof trailer - 1);
        }
    }
}

static int serve(const char *kind, const char *port, double healthy) {
    int datagram = strcmp(kind, "udp") == 0;
    int fd = open_socket(datagram ? SOCK_DGRAM : SOCK_STREAM);
    struct sockaddr_in self = address("0.0.0.0", port);
    if (bind(fd, (struct sockaddr *)&self, sizeof self) < 0) return fail("bind");
    if (!datagram && listen(fd, 64) < 0) return fail("listen");
    printf("listening\n");
    while (1) {
        if (datagram) {
            char text[1024];
            struct sockaddr_in peer;
            socklen_t length = sizeof peer;
            ssize_t count = recvfrom(fd, text, sizeof text, 0, (struct sockaddr *)&peer, &length);
            if (count < 0) continue;
            printf("%.*s\n", (int)count, text);
            gethostname(text, sizeof text);
            sendto(fd, text, strlen(text), 0, (struct sockaddr *)&peer, length);
            continue;
        }
        int client = accept(fd, NULL, NULL);
        if (client < 0) continue;
        setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &(struct timeval){.tv_sec = 5}, sizeof(struct timeval));
        if (strcmp(kind, "grpc") == 0) answer_grpc(client);
        else answer_http(client, healthy);
        close(client);
    }
}

/// Prints what the server sends; of HTTP the body.
static int ask(const char *host, const char *port, const char *text, int type) {
    int fd = open_socket(type);
    struct sockaddr_in peer = address(host, port);
    char answer[8192], request[2048];
    if (connect(fd, (struct sockaddr *)&peer, sizeof peer) < 0) return fail("connect");
    if (type == SOCK_STREAM) {
        snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n", text, host);
        text = request;
    }
    if (send(fd, text, strlen(text), MSG_NOSIGNAL) < 0) return fail("send");
    size_t length = 0;
    ssize_t count;
    while (length + 1 < sizeof answer && (count = recv(fd, answer + length, sizeof answer - length - 1, 0)) > 0) {
        length += count;
        if (type == SOCK_DGRAM) break;
    }
    if (length == 0) return fail("receive");
    answer[length] = 0;
    char *body = type == SOCK_STREAM ? strstr(answer, "\r\n\r\n") : NULL;
    fputs(body ? body + 4 : answer, stdout);
    return type == SOCK_STREAM && !strstr(answer, " 200 ");
}

static int new_file(const char *mode, const char *path) {
    umask(0);
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, strtol(mode, NULL, 8));
    if (fd < 0) return fail("open");
    return dprintf(fd, "content of a new file\n") < 0;
}

int serve_or_ask(int count, char **arguments) {
    const char *what = count > 1 ? arguments[1] : "";
    setvbuf(stdout, NULL, _IOLBF, 0);
    if (strcmp(what, "serve") == 0 && count > 3) {
        signal(SIGTERM, end);
        signal(SIGPIPE, SIG_IGN);
        return serve(arguments[2], arguments[3], count > 4 ? now() + atof(arguments[4]) : 1e300);
    }
    if (strcmp(what, "get") == 0 && count > 4) return ask(arguments[2], arguments[3], arguments[4], SOCK_STREAM);
    if (strcmp(what, "ask") == 0 && count > 4) return ask(arguments[2], arguments[3], arguments[4], SOCK_DGRAM);
    if (strcmp(what, "new-file") == 0 && count > 3) return new_file(arguments[2], arguments[3]);
    return -1;
}
