// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * What can go wrong between this server and its push services, each with the whole way of a push
 * and real peers on loopback. Every test ends with its books balanced: no push lost, none sent
 * twice without cause.
 */
package org.pushserver.faults;
