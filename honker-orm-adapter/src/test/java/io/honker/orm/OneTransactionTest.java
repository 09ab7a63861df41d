package io.honker.orm;

import org.hibernate.SessionFactory;
import org.junit.jupiter.api.Nested;

/** Each kind of session, on honker's connections and on an application's pool of one connection. */
class OneTransactionTest {

  private abstract static class OnHonker extends OneTransactionContract {
    OnHonker(SessionKind kind) {
      super(kind);
    }

    @Override
    SessionFactory factory(OrmFixture on) {
      return on.orm(Item.class).sessionFactory();
    }
  }

  /** With one connection, whatever used another would wait in vain. */
  private abstract static class OnPool extends OneTransactionContract {
    OnPool(SessionKind kind) {
      super(kind);
    }

    @Override
    SessionFactory factory(OrmFixture on) {
      return on.pooled(1, Item.class);
    }
  }

  @Nested
  class SessionOnHonker extends OnHonker {
    SessionOnHonker() {
      super(SessionKind.SESSION);
    }
  }

  @Nested
  class EntityManagerOnHonker extends OnHonker {
    EntityManagerOnHonker() {
      super(SessionKind.ENTITY_MANAGER);
    }
  }

  @Nested
  class StatelessSessionOnHonker extends OnHonker {
    StatelessSessionOnHonker() {
      super(SessionKind.STATELESS_SESSION);
    }
  }

  @Nested
  class SessionOnPool extends OnPool {
    SessionOnPool() {
      super(SessionKind.SESSION);
    }
  }

  @Nested
  class EntityManagerOnPool extends OnPool {
    EntityManagerOnPool() {
      super(SessionKind.ENTITY_MANAGER);
    }
  }

  @Nested
  class StatelessSessionOnPool extends OnPool {
    StatelessSessionOnPool() {
      super(SessionKind.STATELESS_SESSION);
    }
  }
}
