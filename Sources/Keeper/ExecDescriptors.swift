import Linux
import PodPlan

/// What comes with the request for a further program, in this order: where a user waits for it the socket for
/// `SessionReport`; without a terminal standard output, standard error and, where it has one, standard input; last the directory
/// of a cgroup for it alone below the container's, which may be missing. A probe or hook has one pipe for output and errors.
struct ExecDescriptors {
    private(set) var session: OwnedDescriptor?
    private(set) var output: OwnedDescriptor?
    private(set) var error: OwnedDescriptor?
    private(set) var input: OwnedDescriptor?
    private(set) var cgroup: OwnedDescriptor?

    init?(_ descriptors: [OwnedDescriptor], _ program: ExecPlan) {
        var rest = descriptors[...]
        if program.isSession {
            guard let first = rest.popFirst() else { return nil }
            session = first
        }
        if program.terminal == nil {
            guard let first = rest.popFirst() else { return nil }
            output = first
            error = first
            if program.isSession {
                guard let second = rest.popFirst() else { return nil }
                error = second
            }
            if program.hasInput {
                guard let third = rest.popFirst() else { return nil }
                input = third
            }
        } else if session == nil {
            return nil
        }
        cgroup = rest.popFirst()
    }
}
