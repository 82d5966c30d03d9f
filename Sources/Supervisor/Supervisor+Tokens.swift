import Glibc
import Linux
import PodLifecycle
import PodPlan
import Volumes

/// The service account tokens that the supervisor has issued last.
struct IssuedTokens {
    /// By volume.
    var files: [UInt32: [FilePlan]] = [:]
    /// Boot-clock time at which new ones are due; nil: the pod has none.
    var renewAt: Int64?
}

extension Supervisor {
    /// The plan, with the tokens among the files of its volumes.
    var planWithTokens: PodPlan {
        var result = plan
        for volume in issued.files.keys {
            result.volumes[Int(volume)].source = .files(files(of: Int(volume)))
        }
        return result
    }

    /// All files of a volume of files. A token's path is its own, whatever a ConfigMap that has changed has there.
    func files(of volume: Int) -> [FilePlan] {
        guard case .files(let files) = plan.volumes[volume].source else { return [] }
        guard let tokens = issued.files[UInt32(volume)] else { return files }
        return files.filter { file in !tokens.contains { $0.path == file.path } } + tokens
    }

    /// Costs nothing for a pod without tokens.
    func issueTokens() throws(SandboxError) {
        guard let tokens = plan.tokens else { return }
        do {
            issued = try Self.issue(plan, tokens)
        } catch {
            let volume = tokens.tokens.first.map { plan.volumes[Int($0.volume)].name } ?? ""
            let failure = VolumeError(volume, error.description)
            throw SandboxError(reason: failure.reason, message: failure.message)
        }
    }

    /// New tokens for the running pod; where that fails, it is tried again while the old ones hold.
    func renewTokens() {
        guard let tokens = plan.tokens, keeper != nil, !lifecycle.isFinished else {
            issued.renewAt = nil
            return
        }
        do {
            issued = try Self.issue(plan, tokens)
        } catch {
            client.send(.note("service account tokens could not be renewed: \(error)"))
            issued.renewAt = Clock.boot + 60_000_000_000
            return
        }
        for volume in issued.files.keys.sorted() {
            do {
                try VolumeSetup.update(plan, volume: Int(volume), files: files(of: Int(volume)))
            } catch {
                client.send(.note(error.message))
            }
        }
    }

    private static func issue(_ plan: PodPlan, _ tokens: ServiceAccountTokens) throws(TokenError) -> IssuedTokens {
        let list = try TokenIssuer(plan: plan, tokens: tokens).issue()
        var issued = IssuedTokens(renewAt: Clock.boot + tokens.renewalInterval * 1_000_000_000)
        for (token, text) in zip(tokens.tokens, list) {
            let file = FilePlan(path: token.path, mode: token.mode, content: Array(text.utf8), owner: token.owner)
            issued.files[token.volume, default: []].append(file)
        }
        return issued
    }
}
