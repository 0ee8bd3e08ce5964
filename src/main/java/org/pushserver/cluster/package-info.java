// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Several servers as one: who belongs to it, which of them a push belongs to, and who goes on with
 * what waits at one that has died. Loaded only when a cluster is configured. Imports {@code push},
 * {@code spi}, {@code pem}, {@code config}, {@code queue}, {@code events}, {@code wire}, {@code
 * trail}, {@code dispatch} and {@code log}.
 */
package org.pushserver.cluster;
