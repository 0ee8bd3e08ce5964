{{- define "pushserver.name" -}}
{{- if contains .Chart.Name .Release.Name -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 50 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "pushserver.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "pushserver.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{ include "pushserver.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end -}}

{{/* The secret that has applications.ini; and whether there is one. */}}
{{- define "pushserver.secret" -}}
{{- if and .Values.existingSecret (or .Values.applications .Values.files .Values.binaryFiles) -}}
{{- fail "existingSecret has all secret files: applications, files and binaryFiles must then be empty" -}}
{{- else if .Values.existingSecret -}}
{{- .Values.existingSecret -}}
{{- else if .Values.applications -}}
{{- include "pushserver.name" . -}}
{{- else -}}
{{- fail "there are no applications: name a secret that has applications.ini (existingSecret), or give its text (applications)" -}}
{{- end -}}
{{- end -}}

{{/* Seconds from the order to stop until the kubelet kills. */}}
{{- define "pushserver.gracePeriod" -}}
{{- $least := add (ceil .Values.drainTimeout | int) (.Values.preStopSeconds | int) 10 -}}
{{- $grace := .Values.terminationGracePeriodSeconds | default $least | int -}}
{{- if lt $grace ($least | int) -}}
{{- fail (printf "terminationGracePeriodSeconds is %d; with drainTimeout and preStopSeconds as they are it must be at least %d, or pushes are lost" $grace ($least | int)) -}}
{{- end -}}
{{- $grace -}}
{{- end -}}

{{/* A value of general.ini: numbers not as 1e+06, true and false as they are, the percent sign doubled by who writes it. */}}
{{- define "pushserver.value" -}}
{{- if kindIs "float64" . -}}
{{- if eq . (floor .) -}}{{ printf "%.0f" . }}{{- else -}}{{ . }}{{- end -}}
{{- else -}}
{{- . | toString | replace "\n" "\n    " -}}
{{- end -}}
{{- end -}}

{{/* The section [cluster]: a pod learns its address when it starts, by its own name. */}}
{{- define "pushserver.cluster" -}}
{{- if not (or .Values.cluster.certificates .Values.cluster.insecure) -}}
{{- fail "cluster.enabled needs certificates: name a secret with tls.crt, tls.key and ca.crt (cluster.certificates); or set cluster.insecure" -}}
{{- end -}}
name: {{ include "pushserver.name" . }}
address: hostname
port: 7800
bus_port: 7801
members: {{ printf "%s-members.%s.svc" (include "pushserver.name" .) .Release.Namespace }}
{{- if .Values.cluster.certificates }}
tls_certificate: cluster.crt
tls_key: cluster.key
tls_ca: cluster-ca.crt
{{- else }}
insecure: "yes"
{{- end }}
{{- end -}}

{{- define "pushserver.general" -}}
; Made by Helm.
{{- $own := dict "server" (dict "host" .Values.host "port" 8400 "admin_host" .Values.host "admin_port" 9400 "drain_timeout" .Values.drainTimeout) -}}
{{- $_ := set $own "applications" (dict "config_file" "applications.ini" "credentials_folder" "." "extra_applications_dir" "" "extra_pns_dir" "") -}}
{{- $_ := set $own.server "tls_certificate" (ternary "tls.pem" "" (not (empty .Values.tls.existingSecret))) -}}
{{- if .Values.cluster.enabled -}}
{{- $_ := set $own "cluster" (include "pushserver.cluster" . | fromYaml) -}}
{{- end -}}
{{- range $section, $keys := .Values.general -}}
{{- range $key, $value := $keys -}}
{{- if hasKey (index $own $section | default dict) ($key | lower | replace "-" "_") -}}
{{- fail (printf "general.%s.%s is for the chart to decide; see drainTimeout, tls and host" $section $key) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- range $section, $keys := mergeOverwrite (deepCopy .Values.general) $own }}
[{{ $section }}]
{{- range $key, $value := $keys }}
{{- if ne (toString $value) "" }}
{{ $key }} = {{ include "pushserver.value" $value }}
{{- end }}
{{- end }}
{{ end }}
{{- end -}}

{{/* What a server takes only when it starts: when this changes, others are started. All else they take while they run. */}}
{{- define "pushserver.atStart" -}}
{{- $general := .Values.general -}}
{{- list .Values.host .Values.cluster $general.doors $general.bus $general.tokens $general.Cassandra (pick ($general.server | default dict) "allow_get" "acks" "state_dir" "spool" "spool_after" "trail" "trail_days" "trail_max_size" "trail_sample" "hep_url" "hep_key" "hep_node" "hep_id" "console" "console_user_header")
  (pick ($general.limits | default dict) "max_headers" "max_resets" "max_requests") | toJson | sha256sum -}}
{{- end -}}
