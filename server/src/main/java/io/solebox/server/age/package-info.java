/**
 * Files that a passphrase or a key opens, in the format of <a
 * href="https://age-encryption.org/v1">age v1</a>: what is written here the programs {@code age}
 * and {@code rage} open, and the other way round. Its parts are the JDK's (HKDF, HMAC,
 * ChaCha20-Poly1305) and Bouncy Castle's (scrypt, X25519); ours is how they are put together.
 */
package io.solebox.server.age;
