package io.solebox.server.limits;

/**
 * Who is held to limits.
 *
 * @param id of nobody else, so that what is used of a day is found again after a restart
 * @param payer who is charged; of a group nobody in particular
 */
public record Holder(String id, Whose whose, Payer payer) {
  /** All requests of this machine together. */
  public static final Holder HERE = new Holder("server", Whose.SERVER, Payer.HERE);

  /** A key of the server's file, by its name. */
  public static Holder ofFileKey(String name) {
    return new Holder("key " + name, Whose.KEY, new Payer(name, name, ""));
  }

  /**
   * A person, whatever he comes by.
   *
   * @param group empty where there is none
   */
  public static Holder ofUser(String id, String group) {
    return new Holder("user " + id, Whose.ACCOUNT, new Payer(id, "", group));
  }

  /** A key of a person, by its id. */
  public static Holder ofKey(String id, Payer owner) {
    return new Holder("key " + id, Whose.KEY, new Payer(owner.user(), id, owner.group()));
  }

  /** All of a group together. */
  public static Holder ofGroup(String name) {
    return new Holder("group " + name, Whose.GROUP, new Payer("", "", name));
  }
}
