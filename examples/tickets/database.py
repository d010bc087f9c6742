from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker

from tickets.settings import settings

engine = create_engine(settings.database_url, connect_args={"check_same_thread": False})
SessionLocal = sessionmaker(engine, expire_on_commit=False)
