// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * What a plugin implements: application types (what an app expects in its notifications) and push
 * services (how a notification gets to the phone). The built-in ones are found exactly as
 * strangers' are, by {@link java.util.ServiceLoader}.
 *
 * <p>Imports {@code push}, Vert.x core and Jackson's streaming writer; everybody may import it.
 */
package org.pushserver.spi;
