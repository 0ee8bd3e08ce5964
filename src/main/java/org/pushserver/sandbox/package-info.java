/**
 * Stand-ins for APNs, FCM v1 and Google's OAuth endpoint on loopback, so that a PBX can be tried
 * without an Apple or Google account, and so that tests have a strict peer.
 *
 * <p>Runs on one event loop, files and keys on a worker thread; journal and faults may be used from
 * any thread. Imports {@code cli}.
 */
package org.pushserver.sandbox;
