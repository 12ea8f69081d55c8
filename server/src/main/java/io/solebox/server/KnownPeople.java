package io.solebox.server;

import io.solebox.server.accounts.Accounts;
import io.solebox.server.accounts.User;
import io.solebox.server.http.People;
import java.util.Optional;

/**
 * Those with accounts; where nobody has one, those with keys, who are their names.
 *
 * @param accounts empty for a server that keeps nothing
 */
record KnownPeople(Optional<Accounts> accounts) implements People {
  @Override
  public Optional<String> idOf(String name) {
    Optional<Accounts> some = accounts.filter(its -> !its.store().isEmpty());
    return some.isPresent() ? some.get().store().byName(name).map(User::id) : Optional.of(name);
  }

  @Override
  public boolean isIn(String id, String group) {
    return accounts
        .flatMap(its -> its.store().byId(id))
        .flatMap(User::group)
        .filter(group::equals)
        .isPresent();
  }

  @Override
  public boolean hasGroup(String name) {
    return accounts.flatMap(its -> its.store().group(name)).isPresent();
  }

  @Override
  public String nameOf(String id) {
    return accounts.flatMap(its -> its.store().byId(id)).map(User::name).orElse(id);
  }
}
