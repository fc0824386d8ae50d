"""Endpoints and deliveries; reads events and tells the CRM."""
