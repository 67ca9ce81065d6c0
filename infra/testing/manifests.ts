import { readdirSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';
import { read } from './house.ts';

export interface Probe {
  readonly httpGet: { readonly path: string; readonly port: string };
}

export interface EnvironmentVariable {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: { readonly secretKeyRef?: { readonly name: string; readonly key: string } };
}

export interface PodContainer {
  readonly name: string;
  readonly image: string;
  readonly args?: readonly string[];
  readonly ports?: readonly { readonly name: string; readonly containerPort: number }[];
  readonly env?: readonly EnvironmentVariable[];
  readonly lifecycle?: { readonly preStop?: { readonly sleep: { readonly seconds: number } } };
  readonly startupProbe?: Probe;
  readonly livenessProbe?: Probe;
  readonly readinessProbe?: Probe;
  readonly securityContext?: {
    readonly allowPrivilegeEscalation?: boolean;
    readonly readOnlyRootFilesystem?: boolean;
    readonly capabilities?: { readonly drop: readonly string[]; readonly add?: readonly string[] };
  };
  readonly resources?: { readonly requests?: object; readonly limits?: { readonly memory?: string } };
}

export interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
  readonly data?: Readonly<Record<string, string>>;
  readonly spec: {
    readonly replicas?: number;
    readonly minReplicas?: number;
    readonly scaleTargetRef?: { readonly name: string };
    readonly selector?: { readonly matchLabels?: Readonly<Record<string, string>> } & Readonly<
      Record<string, unknown>
    >;
    readonly template: {
      readonly metadata: { readonly labels: Readonly<Record<string, string>> };
      readonly spec: {
        readonly serviceAccountName?: string;
        readonly automountServiceAccountToken?: boolean;
        readonly terminationGracePeriodSeconds?: number;
        readonly securityContext?: { readonly runAsNonRoot?: boolean; readonly seccompProfile?: object };
        readonly containers: readonly [PodContainer, ...PodContainer[]];
        readonly topologySpreadConstraints?: readonly object[];
      };
    };
  };
}

export function manifestsOf(text: string): readonly Manifest[] {
  return parseAllDocuments(text, { merge: true }).map((document) => document.toJS() as Manifest);
}

/** The files as they are written, before kustomize puts together what all have. */
export function writtenManifests(): readonly Manifest[] {
  return readdirSync(new URL('../kubernetes/', import.meta.url))
    .filter((name) => name.endsWith('.yaml'))
    .flatMap((name) => manifestsOf(read(`infra/kubernetes/${name}`)));
}
