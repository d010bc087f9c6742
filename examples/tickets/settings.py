from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="TICKETS_")

    database_url: str = "sqlite:///tickets.db"
    payments_url: str = "https://payments.example.com"
    payments_api_key: str = "9fW3tqLzB6vXe1RkU8sYhJ0dNc4mPa7G"


settings = Settings()
