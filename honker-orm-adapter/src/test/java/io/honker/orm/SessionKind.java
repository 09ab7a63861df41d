package io.honker.orm;

import io.honker.Honker;
import io.honker.tx.Transaction;
import jakarta.persistence.EntityManager;
import org.hibernate.Session;
import org.hibernate.SessionFactory;
import org.hibernate.StatelessSession;

/** The three ways to work with entities, as one. */
enum SessionKind {
  SESSION {
    @Override
    Work open(SessionFactory factory) {
      Session session = factory.openSession();
      return new OfEntityManager(session, session);
    }
  },
  ENTITY_MANAGER {
    @Override
    Work open(SessionFactory factory) {
      EntityManager manager = factory.createEntityManager();
      return new OfEntityManager(manager, manager.unwrap(Session.class));
    }
  },
  STATELESS_SESSION {
    @Override
    Work open(SessionFactory factory) {
      return new OfStatelessSession(factory.openStatelessSession());
    }
  };

  abstract Work open(SessionFactory factory);

  interface Work extends AutoCloseable {
    org.hibernate.Transaction hibernate();

    Transaction join(Honker honker);

    Transaction join();

    void insert(Object entity);

    <T> T find(Class<T> type, Object id);

    @Override
    void close();
  }

  private record OfEntityManager(EntityManager manager, Session session) implements Work {

    @Override
    public org.hibernate.Transaction hibernate() {
      return session.getTransaction();
    }

    @Override
    public Transaction join(Honker honker) {
      return HonkerOrm.transactionOf(honker, manager);
    }

    @Override
    public Transaction join() {
      return HonkerOrm.transactionOf(manager);
    }

    @Override
    public void insert(Object entity) {
      manager.persist(entity);
    }

    @Override
    public <T> T find(Class<T> type, Object id) {
      return manager.find(type, id);
    }

    @Override
    public void close() {
      manager.close();
    }
  }

  private record OfStatelessSession(StatelessSession session) implements Work {

    @Override
    public org.hibernate.Transaction hibernate() {
      return session.getTransaction();
    }

    @Override
    public Transaction join(Honker honker) {
      return HonkerOrm.transactionOf(honker, session);
    }

    @Override
    public Transaction join() {
      return HonkerOrm.transactionOf(session);
    }

    @Override
    public void insert(Object entity) {
      session.insert(entity);
    }

    @Override
    public <T> T find(Class<T> type, Object id) {
      return session.get(type, id);
    }

    @Override
    public void close() {
      session.close();
    }
  }
}
