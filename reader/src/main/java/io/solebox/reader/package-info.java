/**
 * Documents to text, in a process of its own that a server starts, feeds and ends: what is in a
 * file can harm nobody else. It opens no connection, reads nothing but its input and its own jars,
 * and writes no file.
 */
package io.solebox.reader;
