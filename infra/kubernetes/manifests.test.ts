import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { deployableServices, isKnownSetting, PINNED_IMAGE, ROOT, read } from '../testing/house.ts';
import { type Manifest, manifestsOf, type PodContainer, writtenManifests } from '../testing/manifests.ts';
import { findTool, type Tool } from '../testing/tool.ts';

/** What a service takes to end: requests in flight have this long. */
const DRAIN_SECONDS = 10;
/** The oldest whose schema is checked, and the newest that the checker has. */
const KUBERNETES_VERSIONS = ['1.32.0', '1.37.0'];

const written = writtenManifests();
const named = (manifests: readonly Manifest[], kind: string): readonly string[] =>
  manifests.filter((one) => one.kind === kind).map(({ metadata }) => metadata.name);

describe('the manifests as they are written', () => {
  test.each(['Deployment', 'Service', 'PodDisruptionBudget'])('have a %s for every service', (kind) => {
    expect(
      named(written, kind)
        .filter((name) => name !== 'any')
        .sort(),
    ).toEqual([...deployableServices()].sort());
  });

  test('make no secret, and document each key of the one they need', () => {
    expect(named(written, 'Secret')).toEqual([]);
    const keys = [
      ...JSON.stringify(written).matchAll(/"secretKeyRef":\{"name":"touchline","key":"([\w-]+)"\}/g),
    ];
    expect(keys.length).toBeGreaterThan(6);
    const documented = read('infra/kubernetes/README.md');
    expect(keys.map(([, key]) => key).filter((key) => !documented.includes(`\`${key}\``))).toEqual([]);
  });
});

const kubectl = await findTool('kubectl', [['kubectl']], ['version', '--client']);
const rendered = kubectl === undefined ? '' : await render(kubectl);
const validator = await findTool('kubernetes', [['kubernetes-validate']], ['--version']);

async function render(tool: Tool): Promise<string> {
  const { code, output } = await tool.run(['kustomize', join(ROOT, 'infra/kubernetes')]);
  if (code !== 0) throw new Error(output);
  return output;
}

describe.skipIf(kubectl === undefined)('the manifests put together', () => {
  const manifests = manifestsOf(rendered);
  const deployments = manifests.filter(({ kind }) => kind === 'Deployment');
  const containers = deployments.map(
    ({ metadata, spec }) => [metadata.name, spec.template.spec.containers[0]] as const,
  );
  const services = containers.filter(([, { name }]) => name === 'service');
  const variables = (container: PodContainer) => (container.env ?? []).map(({ name }) => name);

  test('run each service by its name, from one image of this version', () => {
    const { version } = JSON.parse(read('package.json'));
    for (const [name, { args, image }] of services)
      expect([name, args, image]).toEqual([name, [name], `touchline:${version}`]);
    expect(services.map(([name]) => name).sort()).toEqual([...deployableServices()].sort());
    expect(containers.filter(([, { image }]) => !PINNED_IMAGE.test(image))).toEqual([]);
  });

  test('give a service the settings that Compose gives it', () => {
    const compose = parse(read('docker-compose.yml'), { merge: true });
    for (const [name, container] of services) {
      const there = Object.keys(compose.services[name].environment).filter(
        (one) => one !== 'TOUCHLINE_LOG_LEVEL',
      );
      expect([name, [...variables(container)].sort()]).toEqual([name, there.sort()]);
    }
    expect(
      services.flatMap(([, container]) => variables(container)).filter((one) => !isKnownSetting(one)),
    ).toEqual([]);
  });

  test('take whatever opens something from a secret', () => {
    const opens = /TOKEN|_KEY$|_STORE$|KAFKA$/;
    const literal = services.flatMap(([name, { env = [] }]) =>
      env
        .filter((one) => opens.test(one.name) && one.valueFrom?.secretKeyRef === undefined)
        .map((one) => [name, one.name]),
    );
    expect(literal).toEqual([]);
    expect(rendered).not.toMatch(/:\/\/[^/\s:]+:[^@\s]+@/);
  });

  test('let nobody do more than serve', () => {
    for (const { metadata, spec } of deployments) {
      const pod = spec.template.spec;
      expect([metadata.name, pod]).toEqual([
        metadata.name,
        expect.objectContaining({
          serviceAccountName: 'touchline',
          automountServiceAccountToken: false,
          securityContext: expect.objectContaining({
            runAsNonRoot: true,
            seccompProfile: { type: 'RuntimeDefault' },
          }),
        }),
      ]);
      for (const { securityContext } of pod.containers) {
        expect(securityContext).toMatchObject({
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
        });
        expect(securityContext?.capabilities?.drop).toEqual(['ALL']);
      }
    }
  });

  test('ask services how they are at the port they listen on', () => {
    const port = Number(/TOUCHLINE_PORT=(\d+)/.exec(read('infra/image/Dockerfile'))?.[1]);
    for (const [name, container] of services) {
      expect([name, container.ports]).toEqual([name, [{ name: 'http', containerPort: port }]]);
      expect(container.startupProbe?.httpGet).toEqual({ path: '/health/live', port: 'http' });
      expect(container.livenessProbe?.httpGet).toEqual({ path: '/health/live', port: 'http' });
      expect(container.readinessProbe?.httpGet).toEqual({ path: '/health/ready', port: 'http' });
    }
  });

  test('leave time to end in', () => {
    for (const { metadata, spec } of deployments) {
      const {
        terminationGracePeriodSeconds = 0,
        containers: [container],
      } = spec.template.spec;
      const before = container.lifecycle?.preStop?.sleep.seconds ?? 0;
      expect([metadata.name, before > 0 && terminationGracePeriodSeconds > before + DRAIN_SECONDS]).toEqual([
        metadata.name,
        true,
      ]);
    }
  });

  test('run everything twice, apart from each other, and let only one of them be taken away', () => {
    const scaled = manifests.filter(({ kind }) => kind === 'HorizontalPodAutoscaler');
    for (const { metadata, spec } of deployments) {
      const least =
        scaled.find((one) => one.spec.scaleTargetRef?.name === metadata.name)?.spec.minReplicas ??
        spec.replicas;
      expect([metadata.name, least]).toEqual([metadata.name, 2]);
      expect(spec.template.spec.topologySpreadConstraints).toHaveLength(2);
    }
    expect([...named(manifests, 'PodDisruptionBudget')].sort()).toEqual(
      [...named(manifests, 'Deployment')].sort(),
    );
  });

  test('ask for memory, and set its limit', () => {
    for (const [name, { resources }] of containers)
      expect([name, resources]).toEqual([
        name,
        {
          requests: expect.objectContaining({ memory: expect.any(String) }),
          limits: { memory: expect.any(String) },
        },
      ]);
  });

  test('lead every Service and every disruption budget to pods', () => {
    for (const { kind, metadata, spec } of manifests.filter(({ kind }) =>
      /^(?:Service|PodDisruptionBudget)$/.test(kind),
    )) {
      const selector = Object.entries(spec.selector?.matchLabels ?? spec.selector ?? {});
      const pods = deployments.filter((one) =>
        selector.every(([key, value]) => one.spec.template.metadata.labels[key] === value),
      );
      expect([kind, metadata.name, pods.map((one) => one.metadata.name)]).toEqual([
        kind,
        metadata.name,
        [metadata.name],
      ]);
    }
  });

  test('carry the same gateway', () => {
    const [config] = manifests.filter(({ kind }) => kind === 'ConfigMap');
    expect(config?.data).toEqual({ Caddyfile: read('infra/gateway/Caddyfile') });
  });

  test.skipIf(validator === undefined).each(KUBERNETES_VERSIONS)(
    'fit the schema of Kubernetes %s',
    async (version) => {
      const folder = await mkdtemp(join(tmpdir(), 'touchline-manifests-'));
      const file = join(folder, 'manifests.yaml');
      await writeFile(file, rendered);
      const answer = await validator?.run(['--strict', '--kubernetes-version', version, file]);
      await rm(folder, { recursive: true });
      expect(answer).toMatchObject({ code: 0, output: expect.not.stringContaining('ERROR') });
      expect(answer?.output.match(/ passed for resource /g)).toHaveLength(manifests.length);
    },
  );
});
