package io.solebox.server.http;

import io.solebox.server.limits.Account;

/**
 * Who sends a request.
 *
 * @param name for people, as logs have it: of a person or of a key, never the key itself; empty for
 *     the person at this machine, where there are neither keys nor accounts
 * @param owner whose is what is kept for it: of people with accounts an id that nobody else gets,
 *     else the name
 * @param way how it got in
 * @param rights what it may do
 * @param account what it may use, and has used
 */
public record Caller(String name, String owner, Way way, Rights rights, Account account) {
  /** How somebody got in. */
  public sealed interface Way {
    /** By being at this machine, where nobody has accounts or keys. */
    record Here() implements Way {}

    /** By a key of the server's file. */
    record FileKey() implements Way {}

    /**
     * By a key of one's own.
     *
     * @param id of the key
     * @param receipts whether its answers have receipts where a request does not say otherwise
     */
    record OwnKey(String id, boolean receipts) implements Way {}

    /**
     * Signed in.
     *
     * @param id of the session
     */
    record SignedIn(String id) implements Way {}

    /** By a certificate that was shown in the handshake. */
    record Certified() implements Way {}

    /** Nobody is there: work goes on that was asked for before. */
    record Absent() implements Way {}
  }

  /** Who has a key of the server's file. */
  public static Caller ofFileKey(String name, boolean administrator, Account account) {
    return new Caller(name, name, new Way.FileKey(), Rights.ofMachine(administrator), account);
  }

  /** The person at this machine, who may do everything. */
  public static Caller here(Account account) {
    return new Caller("", "", new Way.Here(), Rights.ofMachine(true), account);
  }

  /** Whether its answers have receipts where a request does not say otherwise. */
  public boolean wantsReceipts() {
    return way instanceof Way.OwnKey key && key.receipts();
  }

  /** Whether it may change what the server does for everybody. */
  public boolean administrator() {
    return rights.has(Permission.ADMINISTRATE);
  }
}
