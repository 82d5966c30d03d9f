import Glibc
import Supervisor

exit(SupervisorMain.run(CommandLine.arguments))
