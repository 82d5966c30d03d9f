import PodAPI
import Testing

@testable import PodManifest

@Suite struct ProjectedDecodingTests {
    @Test func volumes() throws {
        let pod = try pod(
            podText(
                """
                subdomain: sub
                setHostnameAsFQDN: true
                hostnameOverride: other
                enableServiceLinks: false
                containers: [{name: c}]
                volumes:
                - name: all
                  projected:
                    defaultMode: 0400
                    sources:
                    - secret: {name: s, items: [{key: k, path: p, mode: 0440}]}
                    - configMap: {name: c, optional: true}
                    - downwardAPI: {items: [{path: l, fieldRef: {fieldPath: metadata.labels}}]}
                - name: info
                  downwardAPI:
                    items:
                    - {path: cpu, mode: 256, resourceFieldRef: {containerName: c, resource: limits.cpu, divisor: 1m}}
                """))
        #expect(pod.spec.subdomain == "sub" && pod.spec.setHostnameAsFQDN && pod.spec.hostnameOverride == "other")
        #expect(!pod.spec.enableServiceLinks)
        #expect(
            pod.spec.volumes[0].source
                == .projected(
                    sources: [
                        .secret(name: "s", items: [KeyToPath(key: "k", path: "p", mode: 0o440)], optional: false),
                        .configMap(name: "c", items: nil, optional: true),
                        .downwardAPI(items: [DownwardAPIFile(path: "l", source: .field("metadata.labels"))]),
                    ], defaultMode: 0o400))
        let selector = ResourceFieldSelector(
            containerName: "c", resource: "limits.cpu", divisor: try #require(Quantity("1m")))
        #expect(
            pod.spec.volumes[1].source
                == .downwardAPI(
                    items: [DownwardAPIFile(path: "cpu", source: .resource(selector), mode: 0o400)], defaultMode: 0o644)
        )
    }

    @Test(arguments: [
        (
            "downwardAPI: {items: [{path: a}]}",
            "spec.volumes[0].downwardAPI.items[0]: one of fieldRef and resourceFieldRef is required"
        ),
        (
            "downwardAPI: {items: [{path: a, fieldRef: {fieldPath: a}, resourceFieldRef: {resource: b}}]}",
            "spec.volumes[0].downwardAPI.items[0]: fieldRef and resourceFieldRef can not be specified simultaneously"
        ),
        (
            "projected: {sources: [{}]}",
            "spec.volumes[0].projected.sources[0]: required: one of secret, configMap, downwardAPI, serviceAccountToken"
        ),
        (
            "projected: {sources: [{secret: {name: a}, configMap: {name: b}}]}",
            "spec.volumes[0].projected.sources[0]: only one source is allowed, given are secret and configMap"
        ),
        (
            "projected: {sources: [{clusterTrustBundle: {path: a}}]}",
            "spec.volumes[0].projected.sources[0].clusterTrustBundle: trust bundles are objects of a cluster: put the "
                + "certificates into a ConfigMap"
        ),
        (
            "projected: {sources: [{podCertificate: {keyType: a}}]}",
            "spec.volumes[0].projected.sources[0].podCertificate: a cluster's signer issues pod certificates: put key and "
                + "certificate into a Secret"
        ),
    ])
    func errorsOfSources(_ source: String, _ message: String) {
        let found = errors(podText("containers: [{name: c}]\nvolumes:\n- name: a\n  \(source)"))
        #expect(found.count == 1 && found[0].hasSuffix(message), "\(found)")
    }

    @Test func services() throws {
        let manifest = read(
            """
            apiVersion: v1
            kind: Service
            metadata: {name: web}
            spec:
              selector: {app: web}
              sessionAffinity: None
              ports: [{port: 80, targetPort: http, name: a}, {port: 53, protocol: UDP, name: b, targetPort: 5353}]
              clusterIP: None
            """)
        #expect(manifest.errors.isEmpty && manifest.notes.isEmpty, "\(manifest.errors) \(manifest.notes)")
        guard case .service(let service)? = manifest.objects.first?.object else { throw NoPod() }
        #expect(service.isHeadless && service.selector == ["app": "web"])
        #expect(
            service.ports == [
                Service.Port(name: "a", port: 80, targetPort: "http"),
                Service.Port(name: "b", protocol: .udp, port: 53, targetPort: "5353"),
            ])
    }
}
