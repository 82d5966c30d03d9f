/// `serve http|udp|grpc PORT [SECONDS]`, `get HOST PORT PATH`, `ask HOST PORT TEXT`, `new-file MODE PATH`: returns the exit
/// code, or -1 where `arguments` ask for none of these.
int serve_or_ask(int count, char **arguments);
