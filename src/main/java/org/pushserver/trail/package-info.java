// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * The trail: one record of each push, from request to end, and of each request that was refused at
 * the door, kept in files that can be searched.
 *
 * <p>{@link org.pushserver.trail.TrailEntry} is the record, {@link org.pushserver.trail.Trail} what
 * others see of it all. Imports {@code push}, {@code spi}, {@code events} and {@code sqlite}.
 */
package org.pushserver.trail;
